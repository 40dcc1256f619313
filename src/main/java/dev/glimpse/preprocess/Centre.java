package dev.glimpse.preprocess;

/** Says where the centre of an image is if an odd number of lines is cut off or added. */
public enum Centre {
  /** As in transformers: the odd line is cut off below, or added above. */
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

  /** As in DJL: the odd line is cut off, or added, below. */
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

  /** Not the centre, but the top left corner: everything is cut off, or added, below or right. */
  TOP_LEFT {
    @Override
    int cut(int surplus) {
      return 0;
    }

    @Override
    int added(int lack) {
      return 0;
    }
  },

  /**
   * As in <a
   * href="https://github.com/pytorch/vision/blob/main/torchvision/transforms/functional.py">torchvision's
   * center_crop</a>: half of the lines to cut off is rounded, half to even; the odd line is added
   * below.
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

  /** Returns how many lines are cut off above, or on the left. */
  abstract int cut(int surplus);

  /** Returns how many black lines are added above, or on the left. */
  abstract int added(int lack);
}
