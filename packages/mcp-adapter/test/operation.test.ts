import { ConfigError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createOperationReader } from '../src/operation.ts';
import { toolCall } from './fixture.ts';

const tools = { whoami: [], list: ['notes:read'], delete: ['notes:read', 'notes:delete'] };
const read = createOperationReader({ tools });

describe('createOperationReader', () => {
  it.each([
    ['a declared tool', toolCall('delete'), 'tools/call delete', tools.delete],
    ['a tool that needs nothing', toolCall('whoami'), 'tools/call whoami', []],
    ['a method of the protocol', { method: 'tools/list' }, 'tools/list', []],
    ['a method of nobody', { method: 'x\n"admin"' }, 'other method', []],
    ['a response', { id: 1, result: {} }, 'response', []],
    ['null', null, 'response', []],
    ['a string', 'tools/call', 'response', []],
    ['a method that is no string', { method: ['tools/call'] }, 'response', []],
    ['an empty batch', [], '', []],
  ])('reads %s', (_name, body, name, scopes) => {
    expect(read(body)).toEqual({ name, scopes });
  });

  it.each(['nobody', '__proto__', 'constructor', 'hasOwnProperty', 'Delete', 'delete ', ''])(
    'asks for every declared scope where the tool is "%s", and does not repeat the name',
    (tool) => {
      expect(read(toolCall(tool))).toEqual({
        name: 'tools/call of an undeclared tool',
        scopes: ['notes:read', 'notes:delete'],
      });
    },
  );

  it.each([
    [{ method: 'tools/call' }],
    [{ method: 'tools/call', params: null }],
    [{ method: 'tools/call', params: { name: { toString: 'whoami' } } }],
    [{ method: 'tools/call', params: { name: ['whoami'] } }],
    [Object.create({ method: 'ping' }, { method: { value: 'tools/call', enumerable: true } })],
  ])('asks for every declared scope where no tool can be read: %j', (message) => {
    expect(read(message).scopes).toEqual(['notes:read', 'notes:delete']);
  });

  it('does not see inherited members', () => {
    expect(read(Object.create({ method: 'tools/call' })).name).toBe('response');
  });

  it('adds up the scopes of a batch (MCP-03)', () => {
    expect(read([toolCall('whoami'), toolCall('list'), toolCall('list', 2)])).toEqual({
      name: 'tools/call whoami, tools/call list',
      scopes: ['notes:read'],
    });
  });

  it('takes other scopes for undeclared tools when told', () => {
    const open = createOperationReader({ tools, otherTools: ['notes:read'] });

    expect(open(toolCall('nobody')).scopes).toEqual(['notes:read']);
  });

  it.each([
    ['gate.scopes.tools.list', { tools: { list: ['two words'] } }],
    ['gate.scopes.otherTools', { tools: {}, otherTools: ['"'] }],
  ])('refuses a scope that is none in %s', (option, scopes) => {
    expect(() => createOperationReader(scopes)).toThrow(ConfigError);
    expect(() => createOperationReader(scopes)).toThrow(expect.objectContaining({ option }));
  });
});
