import { email } from '../src/services/mail/email.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonEmailApi extends credential(email) {}
