// SPDX-License-Identifier: Apache-2.0
import { Component, type ReactNode } from 'react';
import { ErrorState } from '../components/States';

/** A page that fails leaves the frame standing. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <div className="page"><ErrorState error={error} onRetry={() => this.setState({ error: null })} /></div>;
  }
}
