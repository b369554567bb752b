import { telegram } from '../src/channels/telegram';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonTelegramApi extends credential(telegram) {}
