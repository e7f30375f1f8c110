package org.longmae.jobs.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import org.longmae.conf.ImageSize;

/** A picture's size in JSON as in a configuration: one number, or {@code [height, width]}. */
final class ImageSizeJson {
  private ImageSizeJson() {}

  static final class Writer extends StdSerializer<ImageSize> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(ImageSize.class);
    }

    @Override
    public void serialize(ImageSize size, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (size.height() == size.width()) {
        json.writeNumber(size.height());
      } else {
        json.writeArray(new int[] {size.height(), size.width()}, 0, 2);
      }
    }
  }

  static final class Reader extends StdDeserializer<ImageSize> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(ImageSize.class);
    }

    @Override
    public ImageSize deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      if (!json.isExpectedStartArrayToken()) {
        return ImageSize.square(json.getIntValue());
      }
      int[] sides = context.readValue(json, int[].class);
      return new ImageSize(sides[0], sides[1]);
    }
  }
}
