"""`make bench`: timings of this product, each beside a yardstick measured in the same run. No test depends on them."""
