"""moto made stricter: what AWS refuses and moto lets pass, and AWS's moods, which moto does not have."""
