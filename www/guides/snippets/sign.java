import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Token {
  static String part(byte[] data) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
  }

  public static void main(String[] none) throws Exception {
    long now = System.currentTimeMillis() / 1000;
    String header = "{\"alg\":\"HS256\"}";
    String claims = "{\"sub\":\"1234\",\"campaignId\":\"your-campaign\",\"iat\":" + now
        + ",\"exp\":" + (now + 300)
        + ",\"form\":{\"firstname\":\"Zo\u00eb\",\"email\":\"zoe@example.com\"}}";
    String text = part(header.getBytes()) + "." + part(claims.getBytes(StandardCharsets.UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getUrlDecoder().decode(System.getenv("TOKEN_KEY"));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    System.out.println(text + "." + part(mac.doFinal(text.getBytes())));
  }
}
