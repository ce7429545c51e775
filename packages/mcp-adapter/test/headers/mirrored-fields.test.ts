import { describe, expect, it } from 'vitest';
import { areMirrored } from '../../src/headers/mirrored-fields.ts';
import { toolCall } from '../fixture.ts';

const call = toolCall('list');
const judge = (fields: Readonly<Record<string, readonly string[]>>, body: unknown = call) =>
  areMirrored((name) => fields[name] ?? [], body);
const encode = (text: string) =>
  `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}?=`;
const about = (method: string, params: unknown) => ({ jsonrpc: '2.0', id: 1, method, params });

describe('areMirrored (MCP-02)', () => {
  it.each<[string, Record<string, string[]>, unknown]>([
    ['no such headers', {}, call],
    ['headers that say the same', { 'mcp-method': ['tools/call'], 'mcp-name': ['list'] }, call],
    ['the method alone', { 'mcp-method': ['tools/call'] }, call],
    ['a name in Base64', { 'mcp-name': [encode('Zürich 日本')] }, toolCall('Zürich 日本')],
    [
      'what only looks like Base64 to those who look twice',
      { 'mcp-name': ['=?base64?x'] },
      toolCall('=?base64?x'),
    ],
    ['a URI', { 'mcp-name': ['notes://1'] }, about('resources/read', { uri: 'notes://1' })],
    ['a prompt', { 'mcp-name': ['sum'] }, about('prompts/get', { name: 'sum' })],
    ['a task', { 'mcp-name': ['t1'] }, about('tasks/get', { taskId: 't1' })],
    ['a name for a method that names nothing', { 'mcp-name': ['x'] }, about('tools/list', {})],
    ['the same twice', { 'mcp-method': ['tools/call', 'tools/call'] }, call],
  ])('takes %s', (_name, fields, body) => {
    expect(judge(fields, body)).toBe(true);
  });

  it.each<[string, Record<string, string[]>, unknown]>([
    ['another method', { 'mcp-method': ['tools/list'] }, call],
    ['a method in other case', { 'mcp-method': ['Tools/Call'] }, call],
    ['another name', { 'mcp-name': ['delete'] }, call],
    ['another name in Base64', { 'mcp-name': [encode('delete')] }, call],
    ['what is no Base64', { 'mcp-name': ['=?base64?!!!!?='] }, call],
    ['Base64 that is not canonical', { 'mcp-name': ['=?base64?bGlzdA?='] }, call],
    ['Base64 of what is no UTF-8', { 'mcp-name': ['=?base64?/w==?='] }, toolCall('\ufffd')],
    ['two methods, one of them right', { 'mcp-method': ['tools/call', 'tools/list'] }, call],
    ['two methods in one line', { 'mcp-method': ['tools/call, tools/call'] }, call],
    ['two names, one of them right', { 'mcp-name': ['list', 'delete'] }, call],
    ['a method where the body is a batch', { 'mcp-method': ['tools/call'] }, [call]],
    ['a method where the body has none', { 'mcp-method': ['tools/call'] }, {}],
    [
      'an inherited member',
      { 'mcp-method': ['tools/call'], 'mcp-name': ['x'] },
      about('tools/call', 'x'),
    ],
    ['a name where the body has none', { 'mcp-name': ['x'] }, about('tools/call', {})],
  ])('refuses %s', (_name, fields, body) => {
    expect(judge(fields, body)).toBe(false);
  });
});
