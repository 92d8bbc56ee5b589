"""What our own HTTP routes share: responses, request bodies, headers, assets and parameters."""
