package org.longmae.data.scenes;

import java.util.List;

/**
 * Everything there is to see.
 *
 * @param things the first is the main one
 */
record World(Camera camera, Light light, Backdrop backdrop, Texture ground, List<Thing> things) {}
