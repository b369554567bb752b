import { bark } from '../src/services/bark/bark.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonBarkApi extends credential(bark) {}
