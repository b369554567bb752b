import { desktop } from '../src/services/desktop/desktop.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonDesktopApi extends credential(desktop) {}
