// SPDX-License-Identifier: Apache-2.0
// The head of a page: where one is, what it shows, what can be done.
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../i18n/t';

export interface Crumb {
  title: string;
  to: string;
}

interface Props {
  title: string;
  subtitle?: ReactNode;
  crumbs?: Crumb[];
  actions?: ReactNode;
  fill?: boolean; // the page is as high as the window: for grids
  children: ReactNode;
}

export function Page({ title, subtitle, crumbs, actions, fill = false, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Bulwark`;
  }, [title]);
  return (
    <div className={fill ? 'page fill' : 'page'}>
      {crumbs && <Breadcrumbs crumbs={crumbs} title={title} />}
      <div className="page-head">
        <div className="page-titles">
          <h1>{title}</h1>
          {subtitle && <div className="page-subtitle">{subtitle}</div>}
        </div>
        {actions && <div className="toolbar">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

function Breadcrumbs({ crumbs, title }: { crumbs: Crumb[]; title: string }) {
  return (
    <nav aria-label={t('page.breadcrumb')} className="breadcrumbs">
      <ol>
        {crumbs.map((crumb) => <li key={crumb.to}><Link to={crumb.to}>{crumb.title}</Link></li>)}
        <li aria-current="page">{title}</li>
      </ol>
    </nav>
  );
}

export function Section({ title, actions, children, id }: { title: string; actions?: ReactNode; children: ReactNode; id?: string }) {
  return (
    <section className="section" aria-label={title} id={id}>
      <div className="section-head"><h2>{title}</h2>{actions}</div>
      {children}
    </section>
  );
}

/** Names with values; `wide` where the names come from data. */
export function Facts({ facts, wide = false }: { facts: [string, ReactNode][]; wide?: boolean }) {
  return (
    <dl className={wide ? 'facts wide' : 'facts'}>
      {facts.filter(([, value]) => value !== '' && value !== false && value !== null && value !== undefined).map(([name, value]) => (
        <div key={name}><dt>{name}</dt><dd>{value}</dd></div>
      ))}
    </dl>
  );
}
