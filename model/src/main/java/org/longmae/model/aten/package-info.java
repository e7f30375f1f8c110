/** The fast backend: LibTorch's ATen kernels, called directly through JavaCPP. */
package org.longmae.model.aten;
