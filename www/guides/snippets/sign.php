<?php
$part = fn($data) => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
$now = time();
$claims = ['sub' => '1234', 'campaignId' => 'your-campaign',
  'iat' => $now, 'exp' => $now + 300,
  'form' => ['firstname' => 'Zoë', 'email' => 'zoe@example.com']];
$text = $part(json_encode(['alg' => 'HS256'])) . '.' . $part(json_encode($claims));
$key = base64_decode(strtr(getenv('TOKEN_KEY'), '-_', '+/'));
echo $text . '.' . $part(hash_hmac('sha256', $text, $key, true)), "\n";
