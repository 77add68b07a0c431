"""The Win32 DLLs of Wine 10, made into one image that the kernel can read."""
