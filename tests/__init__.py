"""Tests in the shape of the code; known answers and the rules of the house at the top."""
