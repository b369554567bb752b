import { ntfy } from '../src/services/ntfy/ntfy.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonNtfyApi extends credential(ntfy) {}
