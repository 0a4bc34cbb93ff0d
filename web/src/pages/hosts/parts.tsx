// SPDX-License-Identifier: Apache-2.0
// Words, states and links of hosts that several pages use. Plain elements: they stand in virtual rows.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ContainerRow, ControlStatus, Evidence, Host, HostState, ImageReference, Management } from '../../api/host_types';
import { imagePage } from '../../api/paths';
import { SeverityCounts, totalOf } from '../../components/Severity';
import { StateLabel } from '../../components/Status';
import { t, tData } from '../../i18n/hosts';
import { openQuery } from '../logs/link';
import { allRulesQuery } from './queries';

/** The recommendation that failed controls of hosts belong to (Azure's key). */
export const hostConfigurationKey = '0677209d-e675-2c6f-e91a-54cef2878663';

/** Others that are about hosts: their running images, their packages. */
export const runningImagesKey = 'c609cf0f-71ab-41e9-a3c6-9a1f7fe1b8d5';
export const hostPackagesKey = '1195afff-c881-495e-9bc5-1486211ae03f';

/** Why a host is not compared with the benchmark, in the hub's words; empty where it is. */
export function whyNotAssessed(host: Host): string {
  const verdict = host.recommendations.find(({ key }) => key === hostConfigurationKey);
  return verdict?.status === 'NotApplicable' ? verdict.description : '';
}

/** In the order in which one wants to look at them. */
export const controlStatuses: ControlStatus[] = ['fail', 'error', 'manual', 'pass', 'notApplicable'];

const controlTones = { pass: 'good', fail: 'bad', manual: 'busy', notApplicable: 'off', error: 'warn' } as const;

export function ControlState({ status }: { status: ControlStatus }) {
  return <StateLabel tone={controlTones[status] ?? 'off'}>{tData('control', status)}</StateLabel>;
}

const hostTones: Record<HostState, 'good' | 'warn' | 'bad'> = { connected: 'good', late: 'warn', lost: 'bad' };

export function HostStateLabel({ state }: { state: string }) {
  return <StateLabel tone={hostTones[state as HostState] ?? 'off'}>{tData('hostState', state)}</StateLabel>;
}

export function Managed({ management }: { management: Management }) {
  const text = management.managed ? t('host.managedBy', { by: management.by }) : t('host.unmanaged');
  return <span title={management.reason}>{text}</span>;
}

export const engineText = ({ kind, version }: { kind: string; version: string }): string =>
  `${tData('engine', kind || 'none')}${version ? ` ${version}` : ''}`;

const containerTones: Record<string, 'good' | 'busy' | 'off' | 'bad'> = {
  running: 'good', paused: 'busy', restarting: 'busy', created: 'off', exited: 'off', removing: 'busy', dead: 'bad',
};

export function ContainerState({ state, exitCode }: { state: string; exitCode: number | null }) {
  const code = state === 'exited' && exitCode !== null ? ` (${exitCode})` : '';
  return <StateLabel tone={containerTones[state] ?? 'off'}>{`${tData('containerState', state)}${code}`}</StateLabel>;
}

/** Something about an image as a link to its page, where it has one. */
export function ImageLink({ to, title, children }: { to: string | undefined; title?: string; children: ReactNode }) {
  if (to === undefined) return <span title={title}>{children}</span>;
  return <Link to={to} tabIndex={-1} title={title}>{children}</Link>;
}

/** The page of an image that stands in a registry. */
const referencePage = (reference: ImageReference | null): string | undefined =>
  reference?.registry ? imagePage(reference.registry, reference.repository, reference.digest) : undefined;

/** The same, or its findings where its packages were listed on the host alone. */
export function imageOnHostPage(host: Host, imageId: string, row: Pick<ContainerRow, 'imageReference' | 'scanned' | 'findings'>): string | undefined {
  if (row.scanned !== 'host' || !row.findings) return referencePage(row.imageReference);
  return `/findings?resource=${encodeURIComponent(`${host.id}/images/${encodeURIComponent(imageId)}`)}`;
}

/** Findings of an image; where it was not looked into, that. */
export function ImageFindings({ row, to }: { row: Pick<ContainerRow, 'findings'>; to: string | undefined }) {
  if (!row.findings) return <span className="muted" title={t('container.notScannedHint')}>{t('scan.off')}</span>;
  return totalOf(row.findings) === 0 ? <SeverityCounts counts={row.findings} /> : <ImageLink to={to}><SeverityCounts counts={row.findings} /></ImageLink>;
}

/** A query of the failed rules, written into the editor and not run. */
export function TakeAction({ query, name, className = 'plain-button' }: { query: string; name?: string; className?: string }) {
  const label = name ? t('host.takeActionOn', { name }) : undefined;
  return <Link className={className} to={openQuery(query, 'P1D')} title={t('host.takeActionHint')} aria-label={label}>{t('host.takeAction')}</Link>;
}

export const OpenInLogs = ({ host }: { host: string }) => <Link className="plain-button" to={openQuery(allRulesQuery(host), 'P1D')}>{t('host.openInLogs')}</Link>;

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** "daemon.json icc = true: not as it should be". */
export function evidenceText({ source, path, value, message }: Evidence): string {
  const place = [source, path].filter(Boolean).join(' ');
  const found = value === undefined || value === null ? place : `${place} = ${valueText(value)}`;
  return [found, message].filter(Boolean).join(': ');
}

export function EvidenceList({ evidence }: { evidence: Evidence[] }) {
  if (evidence.length === 0) return <p className="muted">{t('control.noEvidence')}</p>;
  return <ul className="plain-list evidence">{evidence.map((one, index) => <li key={index}><code>{evidenceText(one)}</code></li>)}</ul>;
}
