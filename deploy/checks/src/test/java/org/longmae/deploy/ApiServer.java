package org.longmae.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * The mock of Kubernetes' API server, with two things that the real one does and the mock does not:
 * a new pod has a status, and an apply of what is not there makes it.
 */
final class ApiServer extends KubernetesCrudDispatcher {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NOT_FOUND = 404;

  private final Set<String> asked = new ConcurrentSkipListSet<>();

  /** What was asked for, as a role names it: {@code create pods}. */
  Set<String> asked() {
    return asked;
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String[] path = request.getPath().replaceAll("\\?.*", "").split("/");
    if (path.length > 5 && path[3].equals("namespaces")) {
      asked.add(verb(request.getMethod(), path.length > 6, request.getPath()) + " " + path[5]);
    }
    if (request.getMethod().equals("POST") && path[path.length - 1].equals("pods")) {
      return super.dispatch(posted(request, request.getBody(), request.getPath(), true));
    }
    if (request.getMethod().equals("PATCH")) {
      Buffer body = request.getBody().clone();
      MockResponse response = super.dispatch(request);
      if (response.getStatus().contains(" " + NOT_FOUND)) {
        String folder = request.getPath().replaceAll("/[^/]*$", "");
        return super.dispatch(posted(request, body, folder, false));
      }
      return response;
    }
    return super.dispatch(request);
  }

  private static String verb(String method, boolean one, String path) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> one ? "delete" : "deletecollection";
      default -> path.contains("watch=true") ? "watch" : one ? "get" : "list";
    };
  }

  private static RecordedRequest posted(
      RecordedRequest request, Buffer sent, String path, boolean pending) {
    try {
      ObjectNode resource = (ObjectNode) JSON.readTree(sent.readUtf8());
      if (pending) {
        resource.putObject("status").put("phase", "Pending");
      }
      Buffer body = new Buffer().writeUtf8(resource.toString());
      String line = "POST " + path + " HTTP/1.1";
      return new RecordedRequest(
          line, request.getHeaders(), request.getChunkSizes(), body.size(), body, 0, new Socket());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
