import { bark } from '../src/channels/bark';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonBarkApi extends credential(bark) {}
