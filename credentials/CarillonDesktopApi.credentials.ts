import { desktop } from '../src/channels/desktop';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonDesktopApi extends credential(desktop) {}
