// SPDX-License-Identifier: Apache-2.0
// Pages by URL. Each area is a chunk of its own, read when it is first opened.
import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { Skeleton } from '../components/States';
import { NotFound } from './NotFound';

const Overview = lazy(() => import('../pages/overview/Overview'));
const SecureScore = lazy(() => import('../pages/score/SecureScore'));
const Recommendations = lazy(() => import('../pages/recommendations/Recommendations'));
const RecommendationDetails = lazy(() => import('../pages/recommendations/RecommendationDetails'));
const Registries = lazy(() => import('../pages/registries/Registries'));
const Repositories = lazy(() => import('../pages/registries/Repositories'));
const Images = lazy(() => import('../pages/registries/Images'));
const ImageDetails = lazy(() => import('../pages/registries/ImageDetails'));
const Findings = lazy(() => import('../pages/findings/Findings'));
const Cve = lazy(() => import('../pages/cve/Cve'));
const Inventory = lazy(() => import('../pages/inventory/Inventory'));
const Containers = lazy(() => import('../pages/containers/Containers'));
const HostPage = lazy(() => import('../pages/hosts/HostPage'));
const AddHost = lazy(() => import('../pages/hosts/AddHost'));
const Logs = lazy(() => import('../pages/logs/Logs'));
const Dashboards = lazy(() => import('../pages/dashboards/Dashboards'));
const Search = lazy(() => import('../pages/search/Search'));
const Settings = lazy(() => import('../pages/settings/Settings'));

export function Pages() {
  return (
    <Suspense fallback={<div className="page"><Skeleton lines={6} /></div>}>
      <Routes>
        <Route path="/" element={<Overview />} />
        <Route path="/welcome" element={<Navigate to="/" replace />} />
        <Route path="/signin" element={<Navigate to="/" replace />} />
        <Route path="/score" element={<SecureScore />} />
        <Route path="/recommendations" element={<Recommendations />} />
        <Route path="/recommendations/:key" element={<RecommendationDetails />} />
        <Route path="/registries" element={<Registries />} />
        <Route path="/registries/:registry" element={<Repositories />} />
        <Route path="/registries/:registry/:repository" element={<Images />} />
        <Route path="/registries/:registry/:repository/:digest" element={<ImageDetails />} />
        <Route path="/findings" element={<Findings />} />
        <Route path="/cve/:id" element={<Cve />} />
        <Route path="/inventory" element={<Inventory />} />
        <Route path="/containers" element={<Containers />} />
        <Route path="/hosts" element={<Navigate to="/containers?kind=host" replace />} />
        <Route path="/hosts/add" element={<AddHost />} />
        <Route path="/hosts/:name" element={<HostPage />} />
        <Route path="/logs" element={<Logs />} />
        <Route path="/dashboards" element={<Dashboards />} />
        <Route path="/dashboards/:name" element={<Dashboards />} />
        <Route path="/search" element={<Search />} />
        <Route path="/settings/*" element={<Settings />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Suspense>
  );
}
