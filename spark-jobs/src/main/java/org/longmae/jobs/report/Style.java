package org.longmae.jobs.report;

/** The style sheet of the page. */
final class Style {
  private Style() {}

  static final String CSS =
      """
      :root {
        color-scheme: light dark;
        --ground: #ffffff; --panel: #f5f6f8; --ink: #1a1d21; --soft: #59616b;
        --rule: #dde1e6; --strong-rule: #9aa2ac; --bad: #9c3d00; --badground: #fdf1e7;
      }
      @media (prefers-color-scheme: dark) {
        @media not print {
          :root {
            --ground: #121519; --panel: #1b2026; --ink: #e7eaee; --soft: #a3acb7;
            --rule: #2d343c; --strong-rule: #69737f; --bad: #ffae75; --badground: #2c2018;
          }
        }
      }
      * { box-sizing: border-box; }
      html { -webkit-text-size-adjust: 100%; }
      body {
        margin: 0; background: var(--ground); color: var(--ink);
        font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
        overflow-wrap: break-word;
      }
      main { max-width: 1128px; margin: 0 auto; padding: 56px 24px 72px; }
      header, section { margin-bottom: 56px; }
      p, ul, dl { max-width: 44rem; margin: 0 0 14px; }
      ul { padding-left: 1.2em; }
      li { margin-bottom: 5px; }
      .kicker { margin: 0 0 10px; color: var(--soft); font-size: 14px; }
      h1 {
        max-width: 27em; margin: 0 0 20px; font-size: clamp(25px, 3.4vw, 36px);
        line-height: 1.18; font-weight: 650; letter-spacing: -0.015em; text-wrap: balance;
      }
      h2 {
        margin: 0 0 10px; padding-top: 18px; border-top: 2px solid var(--ink);
        font-size: 21px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em;
      }
      .lead { font-size: 17.5px; }
      .facts {
        display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
        gap: 16px 28px; max-width: none; margin: 28px 0 0; padding: 16px 0;
        border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule);
      }
      .facts dt { color: var(--soft); font-size: 13px; }
      .facts dd { margin: 1px 0 0; font-size: 17px; font-variant-numeric: tabular-nums; }
      figure { margin: 22px 0 0; }
      figure > p, .note { color: var(--soft); font-size: 14px; line-height: 1.5; }
      .figure-title { margin: 0 0 6px; color: var(--ink); font-size: 15px; font-weight: 600; }
      .figure-note { margin: 6px 0 0; color: var(--soft); font-size: 14px; line-height: 1.5; max-width: 44rem; }
      .pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px 40px; }
      .key { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 16px 0 0; font-size: 14px; color: var(--soft); }
      .key span { display: inline-flex; align-items: center; gap: 5px; color: var(--ink); }
      svg.sign { width: 14px; height: 14px; fill: var(--soft); }
      .chart { display: block; width: 100%; height: auto; overflow: visible; font-size: 13px; font-variant-numeric: tabular-nums; }
      .chart.narrow { display: none; font-size: 12px; }
      .chart text { fill: var(--ink); }
      .chart .tick, .chart .aside { fill: var(--soft); }
      .chart .name { fill: var(--soft); }
      .chart .words { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
      .chart .aside { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
      .chart .strong { font-weight: 700; }
      .chart .grid { stroke: var(--rule); }
      .chart .base { stroke: var(--strong-rule); }
      .chart .level { stroke: var(--soft); stroke-dasharray: 5 4; }
      .chart .join { fill: none; stroke: var(--strong-rule); stroke-width: 1.2; }
      .chart .dot { fill: var(--k); stroke: var(--ground); stroke-width: 1; }
      .chart .hollow { fill: var(--ground); stroke: var(--k); stroke-width: 1.6; }
      .chart .join.faint { stroke-dasharray: 2 4; }
      .chart .ring { fill: none; stroke: var(--k); stroke-width: 1.6; }
      .chart .bar { stroke: var(--k); stroke-width: 2; opacity: .55; }
      .chart .raw { fill: none; stroke: var(--k); stroke-width: 1; opacity: .24; }
      .chart .curve { fill: none; stroke: var(--k); stroke-width: 2.1; stroke-linejoin: round; }
      .chart .thin { stroke-width: 1.2; }
      .chart .open { fill: var(--ground); stroke: var(--k); stroke-width: 1.6; }
      .chart .leader { fill: none; stroke: var(--k); stroke-width: 1.2; stroke-dasharray: 2 3; }
      .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); gap: 8px 28px; }
      .pictures img { display: block; width: 100%; height: auto; image-rendering: pixelated; }
      .pictures figcaption { font-size: 14px; color: var(--soft); margin-bottom: 6px; }
      .pictures figcaption b { color: var(--ink); font-weight: 600; }
      .columns { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 6px; margin-bottom: 4px; }
      .columns span { align-self: end; font-size: 12px; line-height: 1.25; color: var(--soft); }
      .scroll {
        overflow-x: auto; margin-top: 18px; border-bottom: 1px solid var(--strong-rule);
        background: linear-gradient(to left, var(--ground) 30%, transparent) right / 40px 100% local no-repeat,
          linear-gradient(to left, var(--rule), transparent) right / 14px 100% scroll no-repeat;
      }
      .scroll:focus-visible { outline: 2px solid var(--strong-rule); outline-offset: 3px; }
      table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 13.5px; line-height: 1.35; font-variant-numeric: tabular-nums; }
      th, td { padding: 7px 8px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); font-weight: 400; }
      thead th { vertical-align: bottom; color: var(--ink); font-weight: 600; border-bottom-color: var(--strong-rule); }
      thead small { display: block; color: var(--soft); font-size: 12px; font-weight: 400; }
      .groups th { padding-bottom: 2px; border-bottom: 0; color: var(--soft); font-weight: 400; font-size: 12.5px; text-align: center; }
      .groups span { display: block; border-bottom: 1px solid var(--rule); padding-bottom: 3px; }
      th:first-child { position: sticky; left: 0; background: var(--ground); text-align: left; padding-left: 0; z-index: 1; }
      tbody tr:last-child > * { border-bottom: 0; }
      .text { text-align: left; }
      .point { display: inline-block; max-width: 200px; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; }
      .swatch { display: inline-block; width: 10px; height: 10px; margin-right: 8px; border-radius: 2px; background: var(--k); }
      .failure { color: var(--bad); background: var(--badground); white-space: normal; min-width: 260px; }
      a { color: inherit; text-decoration-color: var(--strong-rule); text-underline-offset: 3px; }
      code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 13px; }
      pre { margin: 0 0 14px; padding: 12px 14px; background: var(--panel); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
      .made { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 20px; }
      .made dt { color: var(--soft); }
      .made dd { margin: 0; }
      details summary { cursor: pointer; }
      .files { font-size: 14px; columns: 2; column-gap: 40px; max-width: none; margin-top: 12px; }
      .files li { break-inside: avoid; overflow-wrap: anywhere; }
      @media (max-width: 760px) {
        main { padding: 32px 16px 48px; }
        header, section { margin-bottom: 40px; }
        .pair { grid-template-columns: minmax(0, 1fr); }
        .chart.wide { display: none; }
        .chart.narrow { display: block; max-width: 560px; }
        .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px 20px; }
        .files { columns: 1; }
        .made { grid-template-columns: minmax(0, 1fr); gap: 0; }
        .made dd { margin-bottom: 10px; }
        .point { max-width: 116px; }
      }
      @media print {
        @page { margin: 16mm 14mm; }
        body { font-size: 10.5pt; }
        main { max-width: none; padding: 0; }
        header, section { margin-bottom: 24px; }
        figure, tr, .facts { break-inside: avoid; }
        h2, .figure-title { break-after: avoid; }
        .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px 24px; }
        .pair .wide { display: none; }
        .pair .narrow { display: block; }
        .single .wide { display: block; }
        .single .narrow { display: none; }
        .scroll { overflow: visible; }
        table { font-size: 6.6pt; }
        th, td { padding: 3px; white-space: normal; }
        td:last-child, thead tr:last-child th:last-child { display: none; }
        .pictures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
        * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
      }
      """;
}
