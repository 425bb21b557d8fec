// Installs the n8n of the end-to-end tests where it is missing. A process of its own, since that blocks for minutes.
import { installN8n } from '../../test/e2e/prepare.mjs';

installN8n();
