package dev.glimpse.preprocess;

import java.util.Locale;

/**
 * Lists Pillow's resampling filters. The kernels are those of its <a
 * href="https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c">Resample.c</a>.
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
      return Math.sin(d) / d * (0.54 + 0.46 * Math.cos(d));
    }
  };

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
    if (resample < 0 || resample >= values().length) {
      throw new IllegalArgumentException("There is no resample filter " + resample + ".");
    }
    return values()[resample];
  }

  /**
   * Returns the filter of a name, as in Pillow, torchvision and timm: {@code bicubic}.
   *
   * @throws IllegalArgumentException if no filter has that name
   */
  public static Filter named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
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
