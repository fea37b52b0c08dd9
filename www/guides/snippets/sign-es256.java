import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

class Token {
  static String part(byte[] data) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
  }

  public static void main(String[] none) throws Exception {
    long now = System.currentTimeMillis() / 1000;
    String header = "{\"alg\":\"ES256\",\"kid\":\"2026a\"}";
    String claims = "{\"sub\":\"1234\",\"campaignId\":\"your-campaign\",\"iat\":" + now
        + ",\"exp\":" + (now + 300)
        + ",\"form\":{\"firstname\":\"Zo\u00eb\",\"email\":\"zoe@example.com\"}}";
    String text = part(header.getBytes()) + "." + part(claims.getBytes(StandardCharsets.UTF_8));
    String pem = System.getenv("PRIVATE_KEY").replaceAll("-----[^-]+-----|\\s", ""); // private.pem
    PKCS8EncodedKeySpec key = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(KeyFactory.getInstance("EC").generatePrivate(key));
    signature.update(text.getBytes());
    System.out.println(text + "." + part(signature.sign()));
  }
}
