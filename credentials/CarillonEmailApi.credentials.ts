import { email } from '../src/channels/email';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonEmailApi extends credential(email) {}
