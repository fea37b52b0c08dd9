using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

string Part(byte[] data) => Base64Url.EncodeToString(data);
var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
var claims = new { sub = "1234", campaignId = "your-campaign", iat = now, exp = now + 300,
  form = new { firstname = "Zoë", email = "zoe@example.com" } };
var header = Part(Encoding.UTF8.GetBytes("{\"alg\":\"ES256\",\"kid\":\"2026a\"}"));
var text = header + "." + Part(JsonSerializer.SerializeToUtf8Bytes(claims));
using var key = ECDsa.Create();
key.ImportFromPem(Environment.GetEnvironmentVariable("PRIVATE_KEY")); // private.pem
Console.WriteLine(text + "." + Part(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256)));
