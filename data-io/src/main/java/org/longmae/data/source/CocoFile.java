package org.longmae.data.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.longmae.data.archive.StoredFileReader;

/**
 * One of COCO's JSON files, read token by token: {@code {"images": […], "annotations": […],
 * "categories": […]}}, in any order. In memory is one element at a time, never the file; what is
 * not needed is passed over. Nesting beyond 1,000 levels, numbers that are not finite and elements
 * of more than {@value #MOST_NUMBERS} numbers are refused.
 */
final class CocoFile {
  private static final int MOST_NUMBERS = 4_000_000;

  /** Read behind the others and to the file's end, so that a file that was cut is noticed. */
  private static final String LAST_READ = "annotations";

  private static final JsonFactory JSON = new JsonFactory();

  private final SourceFile file;
  private final JsonParser json;
  private String element = "";

  private CocoFile(SourceFile file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /** Reads one element of an array; the parser is at its start. */
  @FunctionalInterface
  interface ElementReader {
    void read(CocoFile json) throws IOException;
  }

  /** Reads one field; the parser is at its value. */
  @FunctionalInterface
  interface FieldReader {
    /** Returns false if the field is of no interest. */
    boolean read(String name) throws IOException;
  }

  /**
   * Reads the elements of one of the arrays.
   *
   * @return whether the file has the array
   * @throws SourceException if it is no such file; the message has the file, line, byte and element
   */
  static boolean elements(Configuration hadoop, SourceFile file, String array, ElementReader reader)
      throws IOException {
    try (InputStream in = StoredFileReader.stream(hadoop, file.file());
        JsonParser json = JSON.createParser(in)) {
      CocoFile coco = new CocoFile(file, json);
      try {
        return coco.elements(array, reader);
      } catch (JsonProcessingException e) {
        throw coco.wrong("is not COCO's JSON: " + e.getOriginalMessage());
      }
    }
  }

  private boolean elements(String array, ElementReader reader) throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "must hold a JSON object but does not");
    boolean found = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (!field.equals(array)) {
        json.skipChildren();
        continue;
      }
      found = true;
      require(
          json.currentToken() == JsonToken.START_ARRAY, "\"" + array + "\" must be a JSON array");
      for (long i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
        element = array + "[" + i + "]";
        require(json.currentToken() == JsonToken.START_OBJECT, "must be a JSON object");
        reader.read(this);
      }
      element = "";
      if (!array.equals(LAST_READ)) {
        return true;
      }
    }
    require(json.currentToken() == JsonToken.END_OBJECT, "ends before its JSON does");
    return found;
  }

  /** Reads the fields of the element that the parser is at. */
  void fields(FieldReader reader) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (!reader.read(name)) {
        json.skipChildren();
      }
    }
  }

  /** From here on, messages name the element by its id too. */
  void named(long id) {
    if (!element.contains(" id ")) {
      element += " id " + id;
    }
  }

  long wholeNumber() throws IOException {
    require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, "must be a whole number");
    return json.getLongValue();
  }

  double number() throws IOException {
    require(json.currentToken().isNumeric(), "must be a number");
    double number = json.getDoubleValue();
    require(Double.isFinite(number), "must be a finite number");
    return number;
  }

  String text() throws IOException {
    require(json.currentToken() == JsonToken.VALUE_STRING, "must be a text");
    return json.getText();
  }

  /** Whether the value is a text, an array, an object. */
  JsonToken kind() {
    return json.currentToken();
  }

  /** An array of numbers. */
  double[] numbers() throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "must be an array of numbers");
    double[] numbers = new double[16];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (count == numbers.length) {
        require(count < MOST_NUMBERS, "must have at most " + MOST_NUMBERS + " numbers");
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = number();
    }
    return Arrays.copyOf(numbers, count);
  }

  /** Goes on in an array. */
  boolean nextInArray() throws IOException {
    return json.nextToken() != JsonToken.END_ARRAY;
  }

  void require(boolean rule, String message) {
    if (!rule) {
      throw wrong(message);
    }
  }

  /** An error at this place. */
  SourceException wrong(String message) {
    var at = json.currentLocation();
    String field = json.getParsingContext().getCurrentName();
    return new SourceException(
        "[%s] line %d, byte %d%s%s: %s"
            .formatted(
                file.place(),
                at.getLineNr(),
                at.getByteOffset(),
                element.isEmpty() ? "" : ", " + element,
                field == null ? "" : ", \"" + field + "\"",
                message));
  }
}
