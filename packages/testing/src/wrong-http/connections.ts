/** What can happen to a connection before, during and after an answer. */
import { named, response, type WrongHttpAnswers } from './answer.ts';

/** @param good The body of a correct answer. */
export function connectionAnswers(good: string): WrongHttpAnswers {
  const whole = Buffer.from(response(good)).toString('latin1');
  const cut = whole.slice(0, -5);
  return named('connection', {
    'no answer': {},
    'ends without an answer': { onRequest: '', ends: 'end' },
    'is reset without an answer': { onRequest: '', ends: 'reset' },
    'ends in the status line': { onRequest: 'HTTP/1.1 20', ends: 'end' },
    'ends in the header': { onRequest: whole.slice(0, 30), ends: 'end' },
    'stays in the header': { onRequest: whole.slice(0, 30) },
    'ends in the body': { onRequest: cut, ends: 'end' },
    'is reset in the body': { onRequest: cut, ends: 'reset' },
    'stays in the body': { onRequest: cut },
    'ends after the answer': { onRequest: whole, ends: 'end', isUsable: true },
    'an answer before the request': {
      onConnect: whole,
      onRequest: '',
      ends: 'end',
      isUsable: true,
    },
    'an answer before the request, and no other': { onConnect: whole, isUsable: true },
    'two answers': { onRequest: whole + whole, isUsable: true },
    'an answer, and half of another': { onRequest: whole + cut, isUsable: true },
    'an answer, and junk': { onRequest: `${whole}\u0000\u0001junk`, isUsable: true },
    'an answer that closes, and another': {
      onRequest: Buffer.concat([
        response(good, { fields: ['Content-Type: application/json', 'Connection: close'] }),
        response('{}'),
      ]),
      isUsable: true,
    },
    'a byte of the header each 50 ms': {
      onRequest: 'HTTP/1.1 200 OK\r\nX: ',
      repeats: { bytes: 'a', everyMs: 50 },
    },
    'a byte of the body each 50 ms': {
      onRequest:
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n',
      repeats: { bytes: ' ', everyMs: 50 },
    },
    'HTTP/0.9': { onRequest: good, ends: 'end' },
    'an HTTP/2 server': { onRequest: Buffer.from('000012040000000000000300000080', 'hex') },
    'a TLS alert': { onRequest: Buffer.from('15030100020246', 'hex'), ends: 'end' },
    'a greeting of SSH': { onConnect: 'SSH-2.0-OpenSSH_9.2\r\n' },
    'a Redis': { onRequest: "-ERR unknown command 'GET'\r\n" },
    zeros: { onRequest: new Uint8Array(1_000) },
  });
}
