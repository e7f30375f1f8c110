package org.longmae.data.scenes;

/** What is seen where no thing stands and the ground ends. */
sealed interface Backdrop permits Landscape, Room {}
