package org.longmae.jobs.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.longmae.data.image.Picture;

class PictureGridTest {
  private static final int WHITE = 255;

  @Test
  void gridLayout() {
    Picture wide = new Picture(2, 1, new byte[] {10, 10, 10, 20, 20, 20});
    Picture dot = new Picture(1, 1, new byte[] {30, 30, 30});

    Picture grid = PictureGrid.of(List.of(List.of(wide, dot), List.of(dot)), 1, 2);

    assertThat(grid.width()).isEqualTo(4 + 1 + 4);
    assertThat(grid.height()).isEqualTo(2 + 1 + 2);
    assertThat(row(grid, 0)).containsExactly(10, 10, 20, 20, WHITE, 30, 30, WHITE, WHITE);
    assertThat(row(grid, 1)).isEqualTo(row(grid, 0));
    assertThat(row(grid, 2)).containsOnly(WHITE);
    assertThat(row(grid, 4)).startsWith(30, 30, WHITE, WHITE, WHITE);
  }

  @Test
  void anEmptyGridIsRefused() {
    assertThatThrownBy(() -> PictureGrid.of(List.of(), 1, 1))
        .hasMessage("the largest picture's side must be at least 1 but was 0");
  }

  private static int[] row(Picture picture, int y) {
    int[] red = new int[picture.width()];
    for (int x = 0; x < red.length; x++) {
      red[x] = picture.rgb()[3 * (y * picture.width() + x)] & 0xFF;
    }
    return red;
  }
}
