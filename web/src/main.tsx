// SPDX-License-Identifier: Apache-2.0
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import './styles/base.css';
import './styles/shell.css';
import './styles/grid.css';
import './styles/parts.css';
import './styles/pages.css';
import './styles/hosts.css';

createRoot(document.getElementById('root')!).render(<App />);
