package org.longmae.data.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Rules for the names that archives state. They are never used as paths to write to. */
final class EntryName {
  private static final int LONGEST = 1024;

  private EntryName() {}

  /**
   * Names are UTF-8, whatever the archive says of itself. Others are taken as Latin-1: letters may
   * be wrong, but different names stay different.
   */
  static String text(byte[] name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      return new String(name, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * A tar's name that was read as Latin-1, byte for byte; one from a PAX header is text already.
   */
  static String text(String latin1) {
    return latin1.chars().allMatch(c -> c <= 0xff)
        ? text(latin1.getBytes(StandardCharsets.ISO_8859_1))
        : latin1;
  }

  /** The name without {@code ./} in front, as {@code tar cf x.tar .} puts it. */
  static String clean(String name) {
    String rest = name;
    while (rest.startsWith("./")) {
      rest = rest.substring(2);
    }
    return rest;
  }

  /** What speaks against a cleaned name; empty if nothing does. */
  static Optional<String> problem(String name) {
    if (name.isEmpty()) {
      return Optional.of("name is empty");
    }
    if (name.length() > LONGEST) {
      return Optional.of("name is longer than " + LONGEST + " characters");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      return Optional.of("name has control characters");
    }
    if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
      return Optional.of("name is an absolute path");
    }
    if (name.indexOf('\\') >= 0) {
      return Optional.of("name has a backslash");
    }
    boolean leadsElsewhere =
        Arrays.stream(name.split("/", -1))
            .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    return leadsElsewhere
        ? Optional.of("name has empty, \".\" or \"..\" segments")
        : Optional.empty();
  }

  /** A name that can be printed: short, without control characters. */
  static String printable(String name) {
    String text = name.replaceAll("\\p{Cntrl}", "?");
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
