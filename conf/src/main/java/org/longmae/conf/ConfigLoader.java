package org.longmae.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.Parse;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one door through which text becomes configuration records.
 *
 * <p>Layers, the later over the earlier: {@code reference.conf}, a preset, a file's text, {@code
 * key=value} settings. An unknown key is refused by name with its place and the nearest known key.
 * This class opens no file: the caller reads it, from whatever file system it lies on.
 */
public final class ConfigLoader {
  /** The presets that ship with the project. */
  public static final List<String> PRESETS =
      List.of(
          "tiny",
          "vit-ti",
          "vit-s",
          "vit-b",
          "vit-l",
          "vit-h",
          "sweeps/figure3",
          "sweeps/mask-size",
          "sweeps/image-size-vs-patch-size",
          "sweeps/mask-ratio",
          "sweeps/decoder",
          "studies/cifar10-length",
          "studies/cifar10-length-flops");

  private static final String REFERENCE = "reference.conf";
  private static final String SWEEP = "sweep";
  private static final String POINTS = "sweep.points";
  private static final String AXES = "sweep.axes";
  private static final List<String> SWEEP_KEYS =
      List.of(POINTS, AXES, "sweep.parallel", "sweep.budget");

  private Config layers = ConfigFactory.empty();

  /**
   * Puts a preset over what is there; those of sweeps and studies may be named without their
   * folder.
   *
   * @throws ConfigException if there is no such preset
   */
  public ConfigLoader preset(String name) {
    String known =
        PRESETS.stream()
            .filter(preset -> preset.equals(name) || preset.endsWith("/" + name))
            .findFirst()
            .orElse("");
    if (known.isEmpty()) {
      throw new ConfigException(
          "",
          String.format(
              "--preset must be one of %s but was \"%s\"%s",
              PRESETS, name, NearestName.hint(name, shortNames())));
    }
    Config preset =
        ConfigFactory.parseResources(
            ConfigLoader.class.getClassLoader(), "presets/" + known + ".conf", strict());
    return over(preset);
  }

  private static List<String> shortNames() {
    return PRESETS.stream().map(preset -> preset.substring(preset.indexOf('/') + 1)).toList();
  }

  /**
   * Puts a file's text over what is there.
   *
   * @param origin the file's name, for messages
   * @throws ConfigException if the text is no HOCON
   */
  public ConfigLoader text(String text, String origin) {
    try {
      return over(ConfigFactory.parseString(text, strict().setOriginDescription(origin)));
    } catch (Parse e) {
      throw new ConfigException("", "Cannot read configuration: " + e.getMessage());
    }
  }

  /**
   * Puts one {@code key=value} over what is there. Values of text keys are taken as they stand,
   * others are read as HOCON.
   *
   * @throws ConfigException if it is no {@code key=value}
   */
  public ConfigLoader set(String setting) {
    int equals = setting.indexOf('=');
    String origin = "--set " + setting;
    if (equals <= 0) {
      throw new ConfigException("", "--set must be key=value but was \"" + setting + "\"");
    }
    String key = setting.substring(0, equals).trim();
    String value = setting.substring(equals + 1).trim();
    boolean literal = value.isEmpty() || Schema.isText(key);
    String hocon = key + " = " + (literal ? ConfigUtil.quoteString(value) : value);
    try {
      return over(ConfigFactory.parseString(hocon, strict().setOriginDescription(origin)));
    } catch (Parse e) {
      String quoted = key + " = " + ConfigUtil.quoteString(value);
      return over(parseQuoted(quoted, origin, setting));
    }
  }

  /**
   * Checks all layers and makes the run's record.
   *
   * @throws ConfigException at the first broken rule
   */
  public RunConfig run() {
    return bind(checked());
  }

  /**
   * The sweep's points, each the run with the point's keys over it: the grid of {@code sweep.axes},
   * then the list of {@code sweep.points}; empty if there are neither.
   *
   * @throws ConfigException at the first broken rule
   */
  public List<RunConfig> points() {
    return sweep().points();
  }

  /**
   * The sweep, its points as in {@link #points}.
   *
   * @throws ConfigException at the first broken rule
   */
  public SweepConfig sweep() {
    Config base = checked();
    List<Config> chosen = new ArrayList<>(grid(base));
    for (ConfigValue point : list(base.getValue(POINTS), POINTS)) {
      chosen.add(object(point, POINTS));
    }
    List<RunConfig> points = new ArrayList<>();
    for (Config point : chosen) {
      points.add(bind(point.withFallback(base)));
    }
    return new SweepConfig(
        points,
        Schema.leaf(int.class, base, "sweep.parallel"),
        Schema.leaf(SweepConfig.Budget.class, base, "sweep.budget"));
  }

  /** Every choice of one object an axis, the last axis fastest; none if there are no axes. */
  private static List<Config> grid(Config base) {
    List<Config> grid = List.of();
    for (ConfigValue axis : list(base.getValue(AXES), AXES)) {
      List<Config> longer = new ArrayList<>();
      for (Config start : grid.isEmpty() ? List.of(ConfigFactory.empty()) : grid) {
        for (ConfigValue choice : list(axis, AXES)) {
          longer.add(object(choice, AXES).withFallback(start));
        }
      }
      grid = longer;
    }
    return grid;
  }

  private static ConfigList list(ConfigValue value, String key) {
    if (value instanceof ConfigList list) {
      return list;
    }
    String what = key.equals(AXES) ? "must be a list of lists" : "must be a list";
    throw new ConfigException(
        key, place(value.origin()) + key + " " + what + " but was " + value.render());
  }

  private static Config object(ConfigValue value, String key) {
    if (value instanceof ConfigObject object) {
      Schema.refuseUnknownKeys(object.toConfig());
      return object.toConfig();
    }
    throw new ConfigException(
        key, place(value.origin()) + key + " must be a list of objects but had " + value.render());
  }

  /** A run's configuration as HOCON that {@link #text} reads back to an equal record. */
  public static String render(RunConfig config) {
    return ConfigFactory.parseMap(Schema.unbind(config))
        .root()
        .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
  }

  /**
   * The keys in which two runs differ, each as {@code key: ours, not theirs}.
   *
   * @param mayDiffer beginnings of keys that do not count
   */
  public static List<String> differences(RunConfig ours, RunConfig theirs, List<String> mayDiffer) {
    Config one = ConfigFactory.parseMap(Schema.unbind(ours));
    Config other = ConfigFactory.parseMap(Schema.unbind(theirs));
    return Schema.keys().stream()
        .filter(key -> mayDiffer.stream().noneMatch(key::startsWith))
        .filter(key -> !one.getValue(key).equals(other.getValue(key)))
        .map(
            key ->
                String.format(
                    "%s: %s, not %s",
                    key, one.getValue(key).unwrapped(), other.getValue(key).unwrapped()))
        .toList();
  }

  /** Every key of a run with its value as text. */
  public static Map<String, String> values(RunConfig config) {
    Config flat = ConfigFactory.parseMap(Schema.unbind(config));
    Map<String, String> values = new TreeMap<>();
    for (String key : Schema.keys()) {
      values.put(key, String.valueOf(flat.getValue(key).unwrapped()));
    }
    return values;
  }

  private Config checked() {
    Config merged = layers.withFallback(reference());
    try {
      merged = merged.resolve();
    } catch (com.typesafe.config.ConfigException e) {
      throw new ConfigException("", "Cannot resolve configuration: " + e.getMessage());
    }
    Schema.refuseUnknownKeys(layers.withoutPath(SWEEP));
    if (layers.hasPath(SWEEP)) {
      Schema.refuseOthers(layers.getValue(SWEEP), SWEEP, SWEEP_KEYS);
    }
    return merged;
  }

  private static RunConfig bind(Config config) {
    try {
      return Schema.bind(RunConfig.class, config, "");
    } catch (ConfigException e) {
      if (e.keys().isEmpty() || e.getMessage().startsWith("[")) {
        throw e;
      }
      throw new ConfigException(e.keys(), placeOf(config, e.keys()) + e.getMessage());
    }
  }

  private ConfigLoader over(Config layer) {
    layers = layer.withFallback(layers);
    return this;
  }

  private static Config parseQuoted(String hocon, String origin, String setting) {
    try {
      return ConfigFactory.parseString(hocon, strict().setOriginDescription(origin));
    } catch (Parse e) {
      throw new ConfigException("", "--set must be key=value but was \"" + setting + "\"");
    }
  }

  /** {@code [place] } of the first key that is not a default, else of the first one. */
  private static String placeOf(Config config, List<String> keys) {
    List<String> places =
        keys.stream()
            .filter(config::hasPath)
            .map(key -> place(config.getValue(key).origin()))
            .toList();
    return places.stream()
        .filter(place -> !place.startsWith("[" + REFERENCE))
        .findFirst()
        .orElse(places.isEmpty() ? "" : places.get(0));
  }

  /** {@code [file:line] }, or {@code [--set key=value] } where there is no line. */
  static String place(com.typesafe.config.ConfigOrigin origin) {
    String text = origin.description().replaceFirst(": (\\d+)$", ":$1");
    boolean setting = text.startsWith("--set");
    String name = setting ? text.replaceFirst(":\\d+$", "") : text;
    int resource = name.indexOf(" @ ");
    return String.format(Locale.ROOT, "[%s] ", resource < 0 ? name : resourcePlace(name));
  }

  /** "org/longmae/conf/x.conf @ jar:file:…!/org/longmae/conf/x.conf:12" becomes "x.conf:12". */
  private static String resourcePlace(String description) {
    String name = description.substring(0, description.indexOf(" @ "));
    int line = description.lastIndexOf(':');
    return name.replace("org/longmae/conf/", "") + description.substring(line);
  }

  private static Config reference() {
    return ConfigFactory.parseResources(ConfigLoader.class, REFERENCE, strict());
  }

  private static ConfigParseOptions strict() {
    return ConfigParseOptions.defaults().setAllowMissing(false);
  }
}
