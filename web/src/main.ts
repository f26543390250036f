import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { startTheme } from './lib/theme.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
startTheme();
mount(App, { target });
