package org.longmae.jobs.picture;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.List;
import org.longmae.data.image.Picture;
import org.longmae.data.image.Region;
import org.longmae.data.image.Resample;
import org.longmae.data.source.ObjectAnnotation;
import org.longmae.data.source.RunLengths;

/**
 * A picture with its objects drawn on it: masks as a tint, boxes as an outline, a colour a
 * category. No words: where there are no fonts, Java cannot write.
 */
public final class AnnotatedPicture {
  private static final float TINT = 0.45f;
  private static final float LINE = 1.5f;

  /** Neighbouring categories get hues far apart: the golden section of the circle. */
  private static final float HUE_STEP = 0.618034f;

  private final Graphics2D graphics;
  private final Picture picture;
  private final double scaleX;
  private final double scaleY;

  private AnnotatedPicture(Graphics2D graphics, Picture picture, Picture small) {
    this.graphics = graphics;
    this.picture = picture;
    scaleX = (double) small.width() / picture.width();
    scaleY = (double) small.height() / picture.height();
  }

  /**
   * Draws a picture as large as it fits into a cell, its shape kept.
   *
   * @param objects in pixels of {@code picture}
   */
  public static Picture of(
      Picture picture, List<ObjectAnnotation> objects, int cellWidth, int cellHeight) {
    Picture small = fitted(picture, cellWidth, cellHeight);
    BufferedImage canvas =
        new BufferedImage(small.width(), small.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] bytes = ((DataBufferByte) canvas.getRaster().getDataBuffer()).getData();
    exchangeRedAndBlue(small.rgb(), bytes);
    Graphics2D graphics = canvas.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setStroke(new BasicStroke(LINE));
    AnnotatedPicture drawing = new AnnotatedPicture(graphics, picture, small);
    objects.forEach(drawing::mask);
    // Boxes last, so that no mask hides one.
    objects.forEach(drawing::box);
    graphics.dispose();
    byte[] rgb = new byte[bytes.length];
    exchangeRedAndBlue(bytes, rgb);
    return new Picture(small.width(), small.height(), rgb);
  }

  private static Picture fitted(Picture picture, int cellWidth, int cellHeight) {
    double scale =
        Math.min((double) cellWidth / picture.width(), (double) cellHeight / picture.height());
    int width = Math.max(1, (int) Math.round(scale * picture.width()));
    int height = Math.max(1, (int) Math.round(scale * picture.height()));
    Region whole = new Region(0, 0, picture.width(), picture.height());
    return Resample.bicubic(picture, whole, width, height);
  }

  private void mask(ObjectAnnotation object) {
    graphics.setColor(colour(object));
    graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, TINT));
    Path2D outline = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    for (double[] polygon : object.polygons()) {
      for (int i = 0; i + 1 < polygon.length; i += 2) {
        double x = scaleX * polygon[i];
        double y = scaleY * polygon[i + 1];
        if (i == 0) {
          outline.moveTo(x, y);
        } else {
          outline.lineTo(x, y);
        }
      }
      if (polygon.length > 1) {
        outline.closePath();
      }
    }
    graphics.fill(outline);
    if (!object.rle().isEmpty()) {
      BufferedImage mask = runLengths(object);
      graphics.drawImage(
          mask,
          0,
          0,
          (int) Math.round(scaleX * picture.width()),
          (int) Math.round(scaleY * picture.height()),
          null);
    }
  }

  /** The mask at the picture's size; the runs go down the columns, outside first. */
  private BufferedImage runLengths(ObjectAnnotation object) {
    BufferedImage mask =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_ARGB);
    int colour = colour(object).getRGB();
    long pixels = (long) picture.width() * picture.height();
    long at = 0;
    boolean inside = false;
    for (long length : RunLengths.lengths(object.rle())) {
      long end = Math.min(pixels, at + Math.max(0, length));
      for (; at < end; at++) {
        if (inside) {
          mask.setRGB((int) (at / picture.height()), (int) (at % picture.height()), colour);
        }
      }
      inside = !inside;
    }
    return mask;
  }

  private void box(ObjectAnnotation object) {
    graphics.setColor(colour(object));
    graphics.setComposite(AlphaComposite.SrcOver);
    graphics.draw(
        new Rectangle2D.Double(
            scaleX * object.x(),
            scaleY * object.y(),
            scaleX * object.width(),
            scaleY * object.height()));
  }

  private static Color colour(ObjectAnnotation object) {
    float turns = object.category() * HUE_STEP;
    return Color.getHSBColor(turns - (float) Math.floor(turns), 0.9f, 1);
  }

  private static void exchangeRedAndBlue(byte[] from, byte[] to) {
    for (int i = 0; i < from.length; i += Picture.RGB) {
      to[i] = from[i + 2];
      to[i + 1] = from[i + 1];
      to[i + 2] = from[i];
    }
  }
}
