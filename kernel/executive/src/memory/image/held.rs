//! Images that are used: by sections, by views, by who is about to make one.
//!
//! While there is one, the file of the image can be neither written nor deleted.

use core::ops::Deref;
use core::sync::atomic::Ordering;

use hal::Ref;

use super::{Image, Origin};

/// An image whose file is held.
pub struct HeldImage(Ref<Image>);

impl HeldImage {
    /// Holds it.
    pub(in crate::memory) fn new(image: Ref<Image>) -> Self {
        let others = image.holders.fetch_add(1, Ordering::Relaxed);
        if let (0, Origin::Written(data)) = (others, &image.origin) {
            data.note_image();
        }
        Self(image)
    }

    /// The image, for who does not need the file to be held.
    pub fn image(&self) -> &Ref<Image> {
        &self.0
    }
}

impl Clone for HeldImage {
    fn clone(&self) -> Self {
        Self::new(self.0.clone())
    }
}

impl Deref for HeldImage {
    type Target = Image;

    fn deref(&self) -> &Image {
        &self.0
    }
}

impl Drop for HeldImage {
    fn drop(&mut self) {
        let before = self.0.holders.fetch_sub(1, Ordering::Relaxed);
        if let (1, Origin::Written(data)) = (before, &self.0.origin) {
            data.forget_image(&self.0);
        }
    }
}

impl Image {
    /// Whether anybody holds its file.
    pub(in crate::memory) fn is_held(&self) -> bool {
        self.holders.load(Ordering::Relaxed) != 0
    }
}
