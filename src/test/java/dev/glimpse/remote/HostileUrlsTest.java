package dev.glimpse.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glimpse.failure.Failure;
import dev.glimpse.failure.ServingException;
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
 * URLs that want something inside. {@code PORT} is that of a server on loopback, which has a
 * picture at every address, and to which nobody may come.
 */
@Timeout(60)
class HostileUrlsTest {

  private static Vertx vertx;
  private static PictureServer inside;

  @BeforeAll
  static void open() throws Exception {
    vertx = Vertx.vertx();
    inside = new PictureServer();
  }

  @AfterAll
  static void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    inside.close();
  }

  /** As DNS would have it, where somebody else writes the zone. */
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
        // addresses that are inside, as they are usually written
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
        // and as they are not
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
  void isRefusedAndNobodyIsConnectedTo(String url) throws Exception {
    assertThat(refusal(pictures(HostileUrlsTest::resolve), url))
        .isIn(Failure.INVALID_PARAMETER, Failure.UNFETCHED_PICTURE);
    assertThat(inside.connections).hasValue(0);
  }

  /** What a look-up says later is never asked for: of two, only the first counts. */
  @Test
  void aNameThatChangesBetweenTwoLookUpsIsLookedUpOnce() throws Exception {
    AtomicInteger lookUps = new AtomicInteger();
    DnsResolver rebinding =
        host -> addresses(lookUps.getAndIncrement() == 0 ? "192.0.2.1" : "127.0.0.1");

    assertThat(refusal(pictures(rebinding), "http://rebinding.test:PORT/"))
        .isEqualTo(Failure.UNFETCHED_PICTURE);
    assertThat(lookUps).hasValue(1);
    assertThat(inside.connections).hasValue(0);
  }

  /** A blocked address, one that does not answer and a name that is none: all the same. */
  @Test
  void whatIsInsideIsNotTold() throws Exception {
    RemotePictures pictures = pictures(HostileUrlsTest::resolve);
    assertThat(
            List.of(
                sentence(pictures, "http://10.0.0.1:PORT/"),
                sentence(pictures, "http://[::1]:PORT/"),
                sentence(pictures, "http://metadata.test:PORT/"),
                sentence(pictures, "http://unknown.test:PORT/")))
        .containsOnly("No picture could be fetched from the URL.");
  }

  @Test
  void httpIsRefusedUnlessItIsSwitchedOn() {
    RemotePictures strict = pictures(Map.of(), HostileUrlsTest::resolve);
    assertThat(refusal(strict, "http://example.com/")).isEqualTo(Failure.INVALID_PARAMETER);
    assertThat(refusal(strict, "https://example.com:8443/")).isEqualTo(Failure.INVALID_PARAMETER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://other.test/",
        "https://allowed.test/", // only what is below it
        "https://xallowed.test/",
        "https://a.allowed.test.evil.test/",
        "https://93.184.216.34/",
      })
  void onlyHostsOfTheListAreAsked(String url) {
    DnsResolver nobody =
        host -> {
          throw new AssertionError("looked up: " + host);
        };
    RemotePictures listed =
        pictures(Map.of("glimpse.url.hosts", "exact.test,*.Allowed.test"), nobody);
    assertThat(refusal(listed, url)).isEqualTo(Failure.INVALID_PARAMETER);
  }

  @Test
  void aHostOfTheListHasToBePublicAllTheSame() {
    RemotePictures listed =
        pictures(Map.of("glimpse.url.hosts", "*.allowed.test"), HostileUrlsTest::resolve);
    assertThat(refusal(listed, "https://a.allowed.test/")).isEqualTo(Failure.UNFETCHED_PICTURE);
  }

  private static RemotePictures pictures(DnsResolver names) {
    return pictures(
        Map.of("glimpse.url.http", "true", "glimpse.url.ports", "80,443," + inside.port()), names);
  }

  private static RemotePictures pictures(Map<String, String> settings, DnsResolver names) {
    Map<String, String> all = new java.util.HashMap<>(settings);
    all.put("glimpse.url.enabled", "true");
    return new RemotePictures(vertx, Configs.of(all), names, new AddressRules());
  }

  private static Failure refusal(RemotePictures pictures, String url) {
    return refused(pictures, url).failure();
  }

  private static String sentence(RemotePictures pictures, String url) {
    return refused(pictures, url).detail();
  }

  private static ServingException refused(RemotePictures pictures, String url) {
    try {
      pictures.at("image.url", url.replace("PORT", "" + inside.port())).get().join();
    } catch (ServingException e) {
      return e;
    } catch (CompletionException e) {
      return (ServingException) e.getCause();
    }
    throw new AssertionError("was fetched: " + url);
  }
}
