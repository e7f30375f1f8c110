package org.longmae.jobs.platform;

import java.util.Optional;

/** The version of this code. */
public final class Version {
  private Version() {}

  /** As the jar says; "unpackaged" where the classes were not packed. */
  public static String current() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }
}
