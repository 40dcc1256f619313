package dev.glimpse.preprocess;

/** Where the middle of a picture is, if an odd number of lines is too many or too few. */
public enum Centre {
  /** As transformers does it: the odd line is cut off below; it is added above. */
  TRANSFORMERS {
    @Override
    int cut(int surplus) {
      return surplus / 2;
    }

    @Override
    int added(int lack) {
      return (lack + 1) / 2;
    }
  },

  /** As DJL does it: the odd line is cut off, or added, below. */
  DJL {
    @Override
    int cut(int surplus) {
      return surplus / 2;
    }

    @Override
    int added(int lack) {
      return lack / 2;
    }
  },

  /**
   * As <a
   * href="https://github.com/pytorch/vision/blob/main/torchvision/transforms/functional.py">torchvision's
   * center_crop</a> does it: half of what is cut off is rounded, and halves go to the even number;
   * the odd line is added below.
   */
  TORCHVISION {
    @Override
    int cut(int surplus) {
      return (int) Math.rint(surplus / 2.0);
    }

    @Override
    int added(int lack) {
      return lack / 2;
    }
  };

  /** How many lines are cut off above, or to the left. */
  abstract int cut(int surplus);

  /** How many black lines are added above, or to the left. */
  abstract int added(int lack);
}
