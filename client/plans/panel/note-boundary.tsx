/** Keeps a note that fails to show from taking the plan's page with it. */
import { Component, type ReactNode } from 'react';

/** `fallback` is shown instead of the children once they threw; render it anew (by key) to try them again. */
export interface NoteBoundaryProps {
  fallback: ReactNode;
  children: ReactNode;
}

/** React offers this to classes only. */
export class NoteBoundary extends Component<NoteBoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
