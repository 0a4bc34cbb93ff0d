// SPDX-License-Identifier: Apache-2.0
// The workspace's tables and functions in the form that the language service takes.
import type { EngineSchema } from '@kusto/monaco-kusto';
import type { Metadata } from '../../../api/logs';

const clrTypes: Record<string, string> = {
  bool: 'System.SByte', datetime: 'System.DateTime', dynamic: 'System.Object', guid: 'System.Guid', int: 'System.Int32', long: 'System.Int64',
  real: 'System.Double', string: 'System.String', timespan: 'System.TimeSpan', decimal: 'System.Data.SqlTypes.SqlDecimal',
};

type Parameter = EngineSchema['cluster']['databases'][number]['functions'][number]['inputParameters'][number];

/** `(name:type = default, …)` as parameters; those with tables as types are left out. */
export function parametersOf(text = ''): Parameter[] {
  const inside = text.trim().replace(/^\(|\)$/g, '');
  return [...inside.matchAll(/(?:^|,)\s*(\w+)\s*:\s*(\w+)\s*(?:=\s*([^,]+))?/g)].map(([, name, type, value]) => ({
    name: name!, type: clrTypes[type!] ?? 'System.Object', cslType: type!, ...(value ? { cslDefaultValue: value.trim() } : {}),
  }));
}

export function schemaOf({ tables, functions = [] }: Metadata): EngineSchema {
  const database = {
    name: 'workspace', majorVersion: 1, minorVersion: 0, entityGroups: [],
    tables: tables.map(({ name, description, columns }) => ({
      name, docstring: description ?? '', entityType: 'Table' as const,
      columns: columns.map((column) => ({ name: column.name, type: clrTypes[column.type] ?? 'System.String', docstring: column.description ?? '' })),
    })),
    functions: functions.map(({ name, parameters, description, body }) => ({ name, body, docstring: description ?? '', inputParameters: parametersOf(parameters) })),
  };
  return { clusterType: 'Engine', cluster: { connectionString: 'bulwark', databases: [database] }, database };
}
