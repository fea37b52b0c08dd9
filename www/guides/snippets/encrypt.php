<?php
function ask($path, $type, $body, $headers = '') {
  $http = ['method' => 'POST', 'header' => "content-type: $type\r\n$headers",
    'content' => $body, 'ignore_errors' => true];
  $said = file_get_contents('https://campaigns.example' . $path, false,
    stream_context_create(['http' => $http]));
  $answer = json_decode($said, true);
  if (isset($answer['detail'])) exit($answer['detail']); // the code and the fix
  return $answer;
}
$signed = getenv('TOKEN');
$grant = ['grant_type' => 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'account' => 'your-account', 'assertion' => $signed];
$form = http_build_query($grant);
$access = ask('/v1/auth/token', 'application/x-www-form-urlencoded', $form)['access_token'];
$body = json_encode(['token' => $signed]);
$headers = "authorization: Bearer $access\r\n";
echo ask('/v1/crypto/encrypt', 'application/json', $body, $headers)['token'], "\n";
