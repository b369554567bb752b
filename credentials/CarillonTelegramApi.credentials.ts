import { telegram } from '../src/services/telegram/telegram.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonTelegramApi extends credential(telegram) {}
