import { mailgun } from '../src/channels/mailgun';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonMailgunApi extends credential(mailgun) {}
