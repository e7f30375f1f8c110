package org.longmae.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.longmae.data.archive.StoredFileReader;

/** A CSV file read row by row, with columns by the names in its first row. */
final class CsvTable implements Closeable {
  private static final ObjectReader ROWS =
      new CsvMapper()
          .readerFor(String[].class)
          .with(CsvParser.Feature.WRAP_AS_ARRAY)
          .with(CsvParser.Feature.TRIM_SPACES)
          .with(CsvParser.Feature.SKIP_EMPTY_LINES);

  private final SourceFile file;
  private final MappingIterator<String[]> rows;
  private final Map<String, Integer> columns = new HashMap<>();
  private final String[] first;
  private String[] row;
  private long line;

  private CsvTable(SourceFile file, MappingIterator<String[]> rows) throws IOException {
    this.file = file;
    this.rows = rows;
    first = next() ? row : new String[0];
    for (int i = 0; i < first.length; i++) {
      columns.put(first[i], i);
    }
  }

  /** Opens a file and reads its first row. */
  static CsvTable open(Configuration hadoop, SourceFile file) throws IOException {
    return new CsvTable(file, ROWS.readValues(StoredFileReader.stream(hadoop, file.file())));
  }

  /** The first row: names of columns, or data where a file has no names. */
  List<String> first() {
    return List.of(first);
  }

  boolean hasColumns(String... names) {
    return columns.keySet().containsAll(Arrays.asList(names));
  }

  /** Goes to the next row; false at the end. */
  boolean next() throws IOException {
    line = rows.getParser() == null ? 0 : rows.getCurrentLocation().getLineNr();
    try {
      if (!rows.hasNextValue()) {
        return false;
      }
      row = rows.nextValue();
      return true;
    } catch (JsonProcessingException | RuntimeJsonMappingException e) {
      throw wrong("is no CSV: " + e.getMessage().lines().findFirst().orElse(""));
    }
  }

  /** A value of this row. */
  String text(String column) {
    return text(columns.get(column));
  }

  String text(int column) {
    if (column >= row.length) {
      throw wrong(
          "must have %d columns but has %d"
              .formatted(Math.max(first.length, column + 1), row.length));
    }
    return row[column];
  }

  /** A finite number of this row. */
  double number(String column) {
    String text = text(column);
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong("%s must be a number but is \"%s\"".formatted(column, text));
  }

  /** An error at this row. */
  SourceException wrong(String message) {
    return new SourceException("[%s:%d] %s".formatted(file.place(), line, message));
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
