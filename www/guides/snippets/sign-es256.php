<?php
$part = fn($data) => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
$now = time();
$header = ['alg' => 'ES256', 'kid' => '2026a'];
$claims = ['sub' => '1234', 'campaignId' => 'your-campaign',
  'iat' => $now, 'exp' => $now + 300,
  'form' => ['firstname' => 'Zoë', 'email' => 'zoe@example.com']];
$text = $part(json_encode($header)) . '.' . $part(json_encode($claims));
openssl_sign($text, $der, getenv('PRIVATE_KEY'), 'sha256'); // the content of private.pem
// OpenSSL writes DER; a token has the two numbers of 32 bytes each, one after the other.
$r = substr($der, 4, ord($der[3]));
$s = substr($der, 6 + ord($der[3]));
$fixed = fn($number) => str_pad(ltrim($number, "\0"), 32, "\0", STR_PAD_LEFT);
echo $text . '.' . $part($fixed($r) . $fixed($s)), "\n";
