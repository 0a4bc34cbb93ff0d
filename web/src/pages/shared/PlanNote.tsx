// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import { useSession } from '../../app/session';
import { t } from '../../i18n/t';

/** Says that nothing is scanned where the plan is off: an empty list would look like good news. */
export function PlanNote() {
  const { plans } = useSession();
  if (plans.ContainerRegistry !== 'Free' || plans.Containers === 'Standard') return null;
  return <p className="bar-note" role="status">{t('registry.planOff')} <Link to="/settings/plans">{t('plans.title')}</Link></p>;
}
