import { mailgun } from '../src/services/mail/mailgun.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonMailgunApi extends credential(mailgun) {}
