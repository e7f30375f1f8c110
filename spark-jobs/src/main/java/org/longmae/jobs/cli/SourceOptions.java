package org.longmae.jobs.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.longmae.conf.ConfigException;
import org.longmae.data.archive.ArchiveLimits;
import org.longmae.data.source.SourceFormat;
import org.longmae.data.source.SourceSettings;
import org.longmae.jobs.platform.FileSystems;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that say how pictures and annotations are laid out. */
final class SourceOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "auto",
      converter = FormatConverter.class,
      description =
          "Layout: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, what is found there).")
  private SourceFormat format;

  @Option(
      names = "--folders",
      paramLabel = "NAME",
      split = ",",
      description = "Only these folders, together one source, such as train2017,unlabeled2017.")
  private List<String> folders = new ArrayList<>();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Labels of pictures that have no class folders: a line a picture, LABEL in the order of"
              + " the names, or NAME LABEL.")
  private Optional<String> labels = Optional.empty();

  @Option(names = "--captions", description = "Take COCO's captions_*.json too.")
  private boolean captions;

  @Option(names = "--keypoints", description = "Take COCO's person_keypoints_*.json too.")
  private boolean keypoints;

  @Option(
      names = "--max-archive-entries",
      paramLabel = "N",
      description = "Most entries that an archive may have (default: 5000000).")
  private long entries = ArchiveLimits.DEFAULT.entries();

  @Option(
      names = "--max-archive-ratio",
      paramLabel = "N",
      description = "Most bytes that one byte of an archive may become (default: 200).")
  private long ratio = ArchiveLimits.DEFAULT.ratio();

  /** Formats by the names that users type; picocli alone would offer Java's as well. */
  private static final class FormatConverter implements ITypeConverter<SourceFormat> {
    @Override
    public SourceFormat convert(String text) {
      return Arrays.stream(SourceFormat.values())
          .filter(format -> format.toString().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "must be one of %s but was \"%s\""
                          .formatted(Arrays.toString(SourceFormat.values()), text)));
    }
  }

  /** What was typed. */
  SourceSettings settings() throws IOException {
    require(entries >= 1, "--max-archive-entries must be at least 1 but was " + entries);
    require(ratio >= 1, "--max-archive-ratio must be at least 1 but was " + ratio);
    return new SourceSettings(
        format,
        folders.stream().map(folder -> folder.replaceAll("/+$", "")).toList(),
        labels.isPresent() ? FileSystems.qualified(labels.get()).toString() : "",
        captions,
        keypoints,
        new ArchiveLimits(entries, ratio));
  }

  private static void require(boolean rule, String message) {
    if (!rule) {
      throw new ConfigException("", message);
    }
  }
}
