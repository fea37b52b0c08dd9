using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

string Part(byte[] data) => Base64Url.EncodeToString(data);
var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
var claims = new { sub = "1234", campaignId = "your-campaign", iat = now, exp = now + 300,
  form = new { firstname = "Zoë", email = "zoe@example.com" } };
var header = Part(Encoding.UTF8.GetBytes("{\"alg\":\"HS256\"}"));
var text = header + "." + Part(JsonSerializer.SerializeToUtf8Bytes(claims));
var key = Base64Url.DecodeFromChars(Environment.GetEnvironmentVariable("TOKEN_KEY"));
Console.WriteLine(text + "." + Part(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))));
