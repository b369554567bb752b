import { websocket } from '../src/services/webhook/websocket.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWebsocketApi extends credential(websocket) {}
