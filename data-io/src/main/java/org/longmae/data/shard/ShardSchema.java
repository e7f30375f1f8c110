package org.longmae.data.shard;

import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The columns of a shard file. {@code image} is the struct that Hugging Face's {@code Image}
 * feature reads; lists are Parquet's three-level standard lists, so that Spark, DuckDB and Arrow
 * read arrays.
 */
final class ShardSchema {
  static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message picture {
            optional group image {
              optional binary bytes;
              optional binary path (STRING);
            }
            optional int32 label;
            required int32 width;
            required int32 height;
            required int64 id;
            required binary sha256 (STRING);
            optional group objects (LIST) {
              repeated group list {
                optional group element {
                  optional group bbox (LIST) {
                    repeated group list {
                      optional double element;
                    }
                  }
                  required int32 category;
                  required double area;
                  required boolean iscrowd;
                  optional group segmentation (LIST) {
                    repeated group list {
                      optional group element (LIST) {
                        repeated group list {
                          optional double element;
                        }
                      }
                    }
                  }
                  optional binary rle (STRING);
                  optional group keypoints (LIST) {
                    repeated group list {
                      optional double element;
                    }
                  }
                }
              }
            }
            optional group captions (LIST) {
              repeated group list {
                optional binary element (STRING);
              }
            }
            optional group labels (LIST) {
              repeated group list {
                optional int32 element;
              }
            }
          }
          """);

  private ShardSchema() {}

  private static final Set<String> ANNOTATIONS = Set.of("objects", "captions", "labels");

  /** All columns but the annotations: what training reads. */
  static MessageType withoutObjects() {
    return without(ANNOTATIONS);
  }

  /** All columns but the pictures, a thousandth of a file: what statistics read. */
  static MessageType withoutImages() {
    return without(Set.of("image"));
  }

  private static MessageType without(Set<String> columns) {
    return new MessageType(
        SCHEMA.getName(),
        SCHEMA.getFields().stream().filter(field -> !columns.contains(field.getName())).toList());
  }
}
