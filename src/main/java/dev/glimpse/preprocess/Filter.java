package dev.glimpse.preprocess;

import java.util.List;
import java.util.Locale;

/**
 * Lists the resampling filters: Pillow's, whose kernels are those of its <a
 * href="https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c">Resample.c</a>,
 * and two that other libraries have.
 */
public enum Filter {
  NEAREST(0) {
    @Override
    double weight(double x) {
      throw new IllegalStateException("The nearest filter has no kernel");
    }
  },
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return x > -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  },
  BILINEAR(1) {
    @Override
    double weight(double x) {
      double distance = Math.abs(x);
      return distance < 1 ? 1 - distance : 0;
    }
  },
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double a = -0.5;
      double d = Math.abs(x);
      if (d < 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
  },
  BOX(0.5) {
    @Override
    double weight(double x) {
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    }
  },
  HAMMING(1) {
    @Override
    double weight(double x) {
      double d = Math.abs(x);
      if (d == 0) {
        return 1;
      }
      if (d >= 1) {
        return 0;
      }
      d *= Math.PI;
      // Pillow's constants are floats.
      return Math.sin(d) / d * (0.54f + 0.46f * Math.cos(d));
    }
  },
  /**
   * Interpolates between the two nearest pixels and does not average when an image shrinks, as
   * OpenCV's INTER_LINEAR and TensorFlow's resize without antialiasing.
   */
  LINEAR(1) {
    @Override
    double weight(double x) {
      return BILINEAR.weight(x);
    }
  },
  /** Averages the area that a pixel covers, as OpenCV's INTER_AREA. */
  AREA(1) {
    @Override
    double weight(double x) {
      throw new IllegalStateException("The area filter has no kernel");
    }
  };

  private static final List<Filter> PILLOW =
      List.of(NEAREST, LANCZOS, BILINEAR, BICUBIC, BOX, HAMMING);

  private final double support;

  Filter(double support) {
    this.support = support;
  }

  /**
   * Returns the filter with a {@code resample} number of Hugging Face's files, which are Pillow's
   * own.
   *
   * @throws IllegalArgumentException if no filter has that number
   */
  public static Filter ofPillow(int resample) {
    if (resample < 0 || resample >= PILLOW.size()) {
      throw new IllegalArgumentException("There is no resample filter " + resample + ".");
    }
    return PILLOW.get(resample);
  }

  /**
   * Returns the filter of a name, as in Pillow, torchvision and timm: {@code bicubic}.
   *
   * @throws IllegalArgumentException if no filter has that name
   */
  public static Filter named(String name) {
    Filter filter = valueOf(name.toUpperCase(Locale.ROOT));
    if (!PILLOW.contains(filter)) {
      throw new IllegalArgumentException("Pillow has no filter " + name + ".");
    }
    return filter;
  }

  /** Returns whether every pixel of an image that shrinks contributes to the result. */
  boolean averages() {
    return this != NEAREST && this != LINEAR;
  }

  /** Returns half the kernel's width, in source pixels at scale 1. */
  double support() {
    return support;
  }

  /** Returns the kernel's value at a distance of {@code x} source pixels from its centre. */
  abstract double weight(double x);

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double t = x * Math.PI;
    return Math.sin(t) / t;
  }
}
