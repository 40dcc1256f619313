package dev.glimpse.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
import dev.glimpse.memory.MemoryBudget;
import dev.glimpse.memory.RequestMemory;
import dev.glimpse.support.Configs;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rejects URLs that lead to internal addresses. {@code PORT} is that of a server on loopback that
 * must get no connection.
 */
@Timeout(60)
class HostileUrlsTest {

  private static Vertx vertx;
  private static ImageServer inside;

  @BeforeAll
  static void open() throws Exception {
    vertx = Vertx.vertx();
    inside = new ImageServer();
  }

  @AfterAll
  static void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    inside.close();
  }

  /** Resolves names as the DNS of an attacker does. */
  private static List<InetAddress> resolve(String host) throws UnknownHostException {
    return switch (host) {
      case "loopback.test", "localhost.localdomain", "a.allowed.test" -> addresses("127.0.0.1");
      case "private.test" -> addresses("10.0.0.1");
      case "metadata.test" -> addresses("169.254.169.254");
      case "mapped.test" -> addresses("::ffff:127.0.0.1");
      case "compatible.test" -> addresses("::127.0.0.1");
      case "six.test" -> addresses("::1");
      case "nat64.test" -> addresses("64:ff9b::7f00:1");
      case "6to4.test" -> addresses("2002:7f00:1::");
      case "half.test" -> addresses("93.184.216.34", "127.0.0.1");
      case "otherhalf.test" -> addresses("127.0.0.1", "93.184.216.34");
      case "zero.test" -> addresses("0.0.0.0");
      case "nothing.test" -> List.of();
      case "unknown.test" -> throw new UnknownHostException(host);
      default -> List.of(InetAddress.getAllByName(host));
    };
  }

  private static List<InetAddress> addresses(String... literals) throws UnknownHostException {
    List<InetAddress> addresses = new java.util.ArrayList<>();
    for (String literal : literals) {
      addresses.add(InetAddress.getAllByName(literal)[0]);
    }
    return addresses;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // internal addresses in their usual form
        "http://127.0.0.1:PORT/",
        "https://127.0.0.1:PORT/",
        "http://127.1.2.3:PORT/",
        "http://0.0.0.0:PORT/",
        "http://10.0.0.1:PORT/",
        "http://172.16.0.1:PORT/",
        "http://192.168.1.1:PORT/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.100.100.200/latest/meta-data/",
        "http://168.63.129.16/machine",
        "http://192.0.0.192/opc/v2/instance/",
        "http://255.255.255.255:PORT/",
        // and in unusual forms
        "http://2130706433:PORT/",
        "http://017700000001:PORT/",
        "http://0x7f000001:PORT/",
        "http://0x7f.0.0.1:PORT/",
        "http://0177.0.0.1:PORT/",
        "http://127.0.0.01:PORT/",
        "http://127.1:PORT/",
        "http://127.0.1:PORT/",
        "http://0:PORT/",
        "http://127.0.0.1.:PORT/",
        "http://127.0.0.0x1:PORT/",
        "http://00000177.0.0.1:PORT/",
        "http://256.0.0.1:PORT/",
        "http://127。0。0。1:PORT/",
        "http://①②⑦.⓪.⓪.①:PORT/",
        "http://127%2e0%2e0%2e1:PORT/",
        "http://%31%32%37.0.0.1:PORT/",
        // IPv6
        "http://[::1]:PORT/",
        "http://[0:0:0:0:0:0:0:1]:PORT/",
        "http://[::]:PORT/",
        "http://[::ffff:127.0.0.1]:PORT/",
        "http://[::ffff:7f00:1]:PORT/",
        "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
        "http://[::127.0.0.1]:PORT/",
        "http://[64:ff9b::127.0.0.1]:PORT/",
        "http://[2002:7f00:1::]:PORT/",
        "http://[fe80::1]:PORT/",
        "http://[fe80::1%25lo]:PORT/",
        "http://[::1%25lo]:PORT/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://[ff02::1]:PORT/",
        "http://[::1]x:PORT/",
        "http://::1:PORT/",
        // names
        "http://localhost:PORT/",
        "http://LOCALHOST:PORT/",
        "http://localhost.:PORT/",
        "http://localhost.localdomain:PORT/",
        "http://metadata/computeMetadata/v1/",
        "http://loopback.test:PORT/",
        "http://private.test:PORT/",
        "http://metadata.test:PORT/",
        "http://mapped.test:PORT/",
        "http://compatible.test:PORT/",
        "http://six.test:PORT/",
        "http://nat64.test:PORT/",
        "http://6to4.test:PORT/",
        "http://half.test:PORT/",
        "http://otherhalf.test:PORT/",
        "http://zero.test:PORT/",
        "http://nothing.test:PORT/",
        "http://unknown.test:PORT/",
        "http://loop_back.test:PORT/",
        "http://ｌoopback.test:PORT/",
        // users and other tricks before the path
        "http://user@127.0.0.1:PORT/",
        "http://user:secret@loopback.test:PORT/",
        "http://example.com@127.0.0.1:PORT/",
        "http://example.com:80@127.0.0.1:PORT/",
        "http://example.com%40127.0.0.1:PORT/",
        "http://127.0.0.1:PORT\\@example.com/",
        "http://example.com\\@127.0.0.1:PORT/",
        "http://127.0.0.1:PORT#@example.com/",
        "http://127.0.0.1:PORT?@example.com/",
        "http:\\\\127.0.0.1:PORT\\",
        "http:/127.0.0.1:PORT/",
        "http:127.0.0.1:PORT/",
        "http:///127.0.0.1:PORT/",
        "//127.0.0.1:PORT/",
        "127.0.0.1:PORT/",
        " http://127.0.0.1:PORT/",
        "http://127.0.0.1:PORT /",
        "http://127.0.0.1\t:PORT/",
        "http://exam\nple.com/",
        "http://loopback.test:PORT/ HTTP/1.1\r\nX: y",
        "http://loopback.test:PORT/%0",
        "http://loopback.test:0PORT/",
        "http://loopback.test:PORT:80/",
        "http://loopback.test:-1/",
        "http://loopback.test:99999/",
        "http://loopback.test:22/",
        "http://",
        "https://",
        "",
        // other schemes
        "file:///etc/passwd",
        "ftp://127.0.0.1:PORT/",
        "gopher://127.0.0.1:PORT/_",
        "dict://127.0.0.1:PORT/",
        "jar:http://127.0.0.1:PORT/a!/b",
        "data:image/png;base64,AAAA",
        "ldap://127.0.0.1:PORT/",
        "unix:///var/run/docker.sock",
        "netdoc:///etc/passwd",
        "javascript:alert(1)",
        "url:http://127.0.0.1:PORT/",
      })
  void isRejectedWithoutAConnection(String url) throws Exception {
    assertThat(failure(images(HostileUrlsTest::resolve), url))
        .isIn(Failure.INVALID_PARAMETER, Failure.UNFETCHED_PICTURE);
    assertThat(inside.connections).hasValue(0);
  }

  /** The host is resolved once, so that a second answer cannot differ from the checked one. */
  @Test
  void aNameThatChangesBetweenTwoLookUpsIsResolvedOnce() throws Exception {
    AtomicInteger lookUps = new AtomicInteger();
    DnsResolver rebinding =
        host -> addresses(lookUps.getAndIncrement() == 0 ? "192.0.2.1" : "127.0.0.1");

    assertThat(failure(images(rebinding), "http://rebinding.test:PORT/"))
        .isEqualTo(Failure.UNFETCHED_PICTURE);
    assertThat(lookUps).hasValue(1);
    assertThat(inside.connections).hasValue(0);
  }

  /** A blocked address, one that does not answer and an unknown name give the same message. */
  @Test
  void errorsDoNotRevealTheNetwork() throws Exception {
    RemoteImages images = images(HostileUrlsTest::resolve);
    assertThat(
            List.of(
                message(images, "http://10.0.0.1:PORT/"),
                message(images, "http://[::1]:PORT/"),
                message(images, "http://metadata.test:PORT/"),
                message(images, "http://unknown.test:PORT/")))
        .containsOnly("No image could be fetched from the URL.");
  }

  @Test
  void httpIsRejectedUnlessItIsSwitchedOn() {
    RemoteImages strict = images(Map.of(), HostileUrlsTest::resolve);
    assertThat(failure(strict, "http://example.com/")).isEqualTo(Failure.INVALID_PARAMETER);
    assertThat(failure(strict, "https://example.com:8443/")).isEqualTo(Failure.INVALID_PARAMETER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://other.test/",
        "https://allowed.test/", // only its subdomains are listed
        "https://xallowed.test/",
        "https://a.allowed.test.evil.test/",
        "https://93.184.216.34/",
      })
  void onlyListedHostsAreResolved(String url) {
    DnsResolver unused =
        host -> {
          throw new AssertionError("looked up: " + host);
        };
    RemoteImages listed = images(Map.of("glimpse.url.hosts", "exact.test,*.Allowed.test"), unused);
    assertThat(failure(listed, url)).isEqualTo(Failure.INVALID_PARAMETER);
  }

  @Test
  void aListedHostMustBePublicToo() {
    RemoteImages listed =
        images(Map.of("glimpse.url.hosts", "*.allowed.test"), HostileUrlsTest::resolve);
    assertThat(failure(listed, "https://a.allowed.test/")).isEqualTo(Failure.UNFETCHED_PICTURE);
  }

  private static RemoteImages images(DnsResolver names) {
    return images(
        Map.of("glimpse.url.http", "true", "glimpse.url.ports", "80,443," + inside.port()), names);
  }

  private static RemoteImages images(Map<String, String> settings, DnsResolver names) {
    Map<String, String> all = new java.util.HashMap<>(settings);
    all.put("glimpse.url.enabled", "true");
    return new RemoteImages(
        vertx, Configs.of(all), names, new AddressRules(), new RequestMemory(Configs.defaults()));
  }

  private static Failure failure(RemoteImages images, String url) {
    return error(images, url).failure();
  }

  private static String message(RemoteImages images, String url) {
    return error(images, url).detail();
  }

  private static ServingException error(RemoteImages images, String url) {
    try {
      images
          .at("image.url", url.replace("PORT", "" + inside.port()))
          .apply(new MemoryBudget(1 << 20).open())
          .join();
    } catch (ServingException e) {
      return e;
    } catch (CompletionException e) {
      return (ServingException) e.getCause();
    }
    throw new AssertionError("was fetched: " + url);
  }
}
